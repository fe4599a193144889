"""What several modules and statistics say together."""

from __future__ import annotations

from abmsim.expressions import DAY, NUMBER, Type, expression_type, show

FINAL = "start: a\nstates:\n  a: {final: true}\n"

HELP = """\
module: wmo/help
about: help
attributes: {frail: {type: bool, about: is frail}}
start: a
states:
  a: {set: {frail: true}, when: frail, next: b}
  b: {final: true}
"""

DOSES = ["line,age,sex,valid_from_birth_date,valid_until_birth_date,vaccine,dose"]


def test_another_modules_attribute_needs_uses(workshop) -> None:
    workshop.module(HELP, "wmo/help")
    assert workshop.errors_in("a: {when: frail and not partner.frail, next: b}\nb: {final: true}\n") == [
        "7:13 E204 'frail' belongs to wmo/help, which this module does not use (add `uses: [wmo/help]`)",
        "7:27 E204 'frail' belongs to wmo/help, which this module does not use (add `uses: [wmo/help]`)",
    ]


def test_uses_lets_a_module_read_but_not_set(workshop) -> None:
    workshop.module(HELP, "wmo/help")
    head = "module: wmo/example\nabout: x\nuses: [wmo/help]\nstart: a\nstates:\n"
    workshop.module(head + "  a: {when: partner.frail, next: b}\n  b: {final: true}\n")
    assert workshop.errors() == []
    workshop.module(head + "  a: {when: frail, next: b}\n  b: {set: {frail: false}, final: true}\n")
    assert workshop.errors() == [
        "modules/wmo/example.yaml:7:13 E206 'frail' belongs to another module (a module sets its own attributes only)"
    ]


def test_two_modules_cannot_own_one_attribute(workshop) -> None:
    workshop.module(HELP, "wmo/help")
    workshop.module(HELP.replace("wmo/help", "wmo/other"), "wmo/other")
    assert workshop.errors() == [
        "modules/wmo/other.yaml:3:14 E207 the attribute 'frail' belongs to wmo/help already "
        "(choose another name, or read it: `uses: [wmo/help]`)"
    ]


def test_two_folders_cannot_hold_one_module(workshop, tmp_path) -> None:
    from abmsim.lang.check import check_all

    workshop.module(HELP, "wmo/help")
    other = tmp_path / "more" / "wmo"
    other.mkdir(parents=True)
    (other / "help.yaml").write_text(HELP)
    found = check_all([tmp_path / "modules", tmp_path / "more"], [tmp_path / "public_stats"]).errors
    assert list(map(str, found)) == [
        "more/wmo/help.yaml:1:1 E212 a module 'wmo/help' exists already: modules/wmo/help.yaml (rename one of the two)"
    ]


def test_a_statistic_by_what_a_resident_does_not_have(workshop) -> None:
    workshop.statistic("by_team", "rate per person-year", ["team,value", "north,0.1"])
    (error,) = workshop.errors_in("a: {hazard: stats.by_team, next: b}\nb: {final: true}\n")
    assert error.startswith("7:15 E407 stats.by_team is by 'team', which a resident does not have (dimensions: age, ")
    assert "helped, " in error


def test_a_statistic_without_a_figure_for_somebody(workshop) -> None:
    workshop.statistic("by_age", "rate per person-year", ["age,value", "0-64,0.1", "70+,0.2"])
    workshop.statistic("by_sex", "rate per person-year", ["sex,value", "female,0.1"])
    workshop.statistic("by_help", "share", ["helped,value", "yes,0.1"])
    workshop.statistic("by_decade", "share", ["age,value", "young,0.1"])
    workshop.statistic("twice", "share", ["age,value", "0-50,0.1", "50+,0.1"])
    states = """
        a: {hazard: stats.by_age, next: {b: stats.by_decade, c: rest}}
        b: {hazard: stats.by_sex, next: {c: stats.twice, d: rest}}
        c: {next: {a: stats.by_help, d: rest}}
        d: {final: true}
    """
    assert workshop.errors_in(states) == [
        "8:15 E408 stats.by_age has no figures for age 65-69 (add it to by_age.csv)",
        "8:39 E408 stats.by_decade has the age 'young', which is no number, span (0-4) or open end (95+) "
        "(add it to by_decade.csv)",
        "9:15 E408 stats.by_sex has no figures for sex 'male' (add it to by_sex.csv)",
        "9:39 E408 stats.twice has age 50 twice (add it to twice.csv)",
        "10:17 E408 stats.by_help has no figures for helped 'no' (add it to by_help.csv)",
    ]


def test_a_statistic_by_a_number_without_a_figure_for_somebody(workshop) -> None:
    workshop.statistic("by_decile", "share", ["income_decile,value", *(f"{n},0.1" for n in range(1, 11))])
    workshop.statistic("by_tenth", "share", ["income_decile,value", "1-9,0.1"])
    workshop.statistic("by_parity", "share", ["parity,value", "1,0.1", "2+,0.1"])
    workshop.statistic("by_size", "share", ["household_size,n_children,value", "1-3,0+,0.1", "4+,0+,0.1"])
    workshop.statistic("by_years", "rate per person-year", ["years_together,value", "0-4,0.1", "6+,0.1"])
    states = """
        a: {hazard: stats.by_years, next: {b: stats.by_decile, c: rest}}
        b: {next: {c: stats.by_tenth, d: rest}}
        c: {next: {e: stats.by_parity, d: rest}}
        d: {next: {a: stats.by_size, e: rest}}
        e: {final: true}
    """
    assert workshop.errors_in(states) == [
        "8:15 E408 stats.by_years has no figures for years_together 5 (add it to by_years.csv)",
        "9:17 E408 stats.by_tenth has no figures for income_decile 10 (add it to by_tenth.csv)",
        "10:17 E408 stats.by_parity has no figures for parity 0 (add it to by_parity.csv)",
    ]


def test_a_statistic_that_results_are_compared_with(workshop) -> None:
    target = (
        "{role: target, margin: '0.1', margin_reason: none, rounding: {to: 1, unit: persons}, vintage: unknown, "
        "module: wmo/example, measure: persons}"
    )
    workshop.statistic("compared", "rate per person-year", ["value", "0.1"], target=target)
    assert workshop.errors_in("a: {hazard: stats.compared, next: b}\nb: {final: true}\n") == []
    assert [line for line in workshop.warnings() if "W503" in line] == [
        "modules/wmo/example.yaml:7:15 W503 stats.compared is what results are compared with (role: target) "
        "(a statistic is input or target, not both)"
    ]


def test_a_schedule_gives_its_columns(workshop) -> None:
    rows = [*DOSES, "1,3 months,both,2019-01-01,,BMR,1", "2,1 year,female,2019-01-01,2021-01-01,DKTP,2"]
    workshop.statistic("doses", "schedule", rows, columns="{vaccine: category, dose: number}")
    workshop.module("""\
        module: wmo/example
        about: x
        start: a
        states:
          a: {schedule: stats.doses, next: b, schedule_over: c}
          b: {vaccination: {vaccine: schedule.vaccine, dose: schedule.dose}, next: a}
          c: {final: true}
        """)
    result = workshop.check()
    assert result.problems == ()
    record = result.modules[0].states["b"].record
    vaccine, dose = record.columns["vaccine"].expression, record.columns["dose"].expression
    assert expression_type(vaccine) == Type("category", ("BMR", "DKTP"))
    assert expression_type(dose) == NUMBER


def test_a_schedule_that_cannot_be_followed(workshop) -> None:
    rows = [*DOSES, "1,3-4 months,both,2019-01-01,,BMR,1", "2,soon,boys,,01-01-2020,BMR,one"]
    workshop.statistic("doses", "schedule", rows, columns="{vaccine: category, dose: number}")
    workshop.statistic("more", "schedule", ["line,age", "1,3 months"])
    errors = workshop.errors_in("""\
        a: {when: schedule.dose > 1, next: c}
        c: {schedule: stats.doses, next: d, schedule_over: b}
        d: {schedule: stats.more, next: {b: stats.doses, c: rest}, schedule_over: b}
        b: {final: true}
    """)
    assert errors == [
        "7:13 E312 state 'a' reads schedule.dose before any line of a schedule is reached "
        "(read it after a state with `schedule:`)",
        "9:17 E313 a second schedule, stats.more beside stats.doses (a module follows one schedule: make two modules)",
        "9:39 E406 stats.doses has no figures (unit: schedule) (a schedule is followed by `schedule: stats.name`)",
        "public_stats/doses.csv:2:1 E411 the age '3-4 months' is a span, a line has one age",
        "public_stats/doses.csv:3:1 E411 'soon' is no duration such as '6 weeks' or '2-6 weeks'",
        "public_stats/doses.csv:3:1 E411 the dose 'one' is no number",
        "public_stats/doses.csv:3:1 E411 the sex 'boys' is none of female, male, both",
        "public_stats/doses.csv:3:1 E411 the valid_from_birth_date '' is no date such as 2015-01-01",
        "public_stats/doses.csv:3:1 E411 the valid_until_birth_date '01-01-2020' is no date such as 2015-01-01",
        "public_stats/more.csv:1:1 E411 a schedule needs the column 'sex' "
        "(columns: age, sex, valid_from_birth_date, valid_until_birth_date)",
    ]


def test_what_nothing_reads_is_a_warning(workshop) -> None:
    assert workshop.errors_in("a: {set: {stage: mild}, wait: assume.w, next: b}\nb: {final: true}\n") == []
    place = "modules/wmo/example.yaml"
    assert workshop.warnings() == [
        f"{place}:3:41 W501 nothing uses the assumption 's' (remove it)",
        f"{place}:3:69 W501 nothing uses the assumption 'r' (remove it)",
        f"{place}:4:14 W502 nothing reads the attribute 'helped' (read it or remove it)",
        f"{place}:4:53 W502 nothing reads the attribute 'stage' (read it or remove it)",
    ]
    (workshop.root / "modules/wmo/example.test.yaml").write_text("expect: {attributes: {helped: true, stage: mild}}")
    assert [line for line in workshop.warnings() if "W502" in line] == []


def test_a_file_that_is_no_text(workshop) -> None:
    workshop.module(b"module: wmo/example\nabout: caf\xe9\n")
    assert workshop.errors() == ["modules/wmo/example.yaml:2:11 E100 this is no UTF-8 text (save the file as UTF-8)"]


def test_resolved_modules_have_units_labels_and_days(workshop) -> None:
    states = """
        a: {wait: assume.w, next: c}
        c: {wait: stats.stay, next: d}
        d: {when: birth_date < '2015-01-01' and stage == mild, next: b}
        b: {final: true}
    """
    assert workshop.errors_in(states) == []
    states = workshop.check().modules[0].states
    waits = [states[name].exits[0].quantity for name in "ac"]
    assert [(wait.kind, wait.unit, wait.source) for wait in waits] == [
        ("exact", "year", "assume.w"),
        ("exact", "year", "stats.stay"),
    ]
    condition = states["d"].exits[0].expression
    assert show(condition) == "birth_date < '2015-01-01' and stage == mild"
    assert [node.type for node in condition.args[0].args] == [DAY, DAY]
    assert condition.args[1].args[1].value == 1.0


def test_the_checker_allows_what_the_kernel_has_room_for() -> None:
    from abmsim.lang import layout, limits

    ours = (limits.MOST_HAZARDS, limits.MOST_WAITS, limits.MOST_VALUES)
    assert ours == (layout.MOST_HAZARDS, layout.MOST_WAITS, layout.MOST_VALUES)


def test_more_drawn_columns_than_a_row_has_room_for(workshop, monkeypatch) -> None:
    monkeypatch.setattr("abmsim.lang.check_record.MOST_VALUES", 1)
    assert workshop.errors_in("a: {vaccination: {vaccine: {BMR: assume.s, DTP: rest}, dose: 1}, final: true}") == [
        "7:64 E314 2 columns of 'vaccination' are drawn or computed (at most 1; labels are free)"
    ]
