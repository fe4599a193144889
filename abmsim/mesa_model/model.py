"""The town as a model of Mesa: built as a run is, stepped a month at a time, written as a run writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mesa

from abmsim.cautions import extensions_of
from abmsim.days import day_date
from abmsim.lookup import look_up, modules_of
from abmsim.mesa_model.agents import REPORTED, Agents, InstitutionAgent, let_agents_step, make_agents
from abmsim.mesa_model.counts import FLOWS, open_records, reporters, total_flows
from abmsim.mesa_model.residents import Resident, Residents
from abmsim.plan import RunPlan, default_folder
from abmsim.problems import UsageError
from abmsim.records.runfolder import check_target, run_folder
from abmsim.runner import RunSummary, summary, write_run
from abmsim.simulation import prepare

if TYPE_CHECKING:
    import pandas


class TownModel(mesa.Model):
    """A town of public statistics, stepped a month at a time; the options are the fields of `RunPlan`, as in a run.

    Built, it stands on the base date with everybody's past lived. `step` is one month, `running` is false at the
    horizon, `agents` are the institutions (those given to it are subclasses of InstitutionAgent by name of
    institution), `datacollector` holds the main counts, `notes` what `abmsim run` would have told beforehand. All draws
    of the town are addressed by `seed`, so that the model gives the log of a run; `model.rng` and `model.random` are
    seeded with it too, and the town never reads them.

    Raises UserError for what cannot be carried out, ProblemsFound for faulty modules or statistics.
    """

    def __init__(
        self, place: str, size: int | None = None, seed: int = 1, agents: Agents | None = None, **options: Any
    ) -> None:
        self.plan = RunPlan(place, size, seed, **options)
        notes: list[str] = []
        self._found = look_up(self.plan, _no_progress, notes.append)
        self._modules = modules_of(self.plan, self._found.catalogue)
        super().__init__(rng=seed)
        found = self._found
        self._prepared = prepare(self.plan, found.places, self._modules, found.catalogue, _no_progress, notes.append)
        self.notes = tuple(notes)
        self._changes: dict[str, None] = {}
        self._numbers = count(1)
        self.town = self._prepared.town
        self.town.admissions.plan = partial(let_agents_step, self)
        make_agents(self, self.town.admissions.institutions, agents or {})
        self.town.begin()
        self.residents = Residents(self.town, self._prepared.codes)
        self.flows = dict.fromkeys(FLOWS, 0)
        self.open_records = open_records(self.town)
        self.datacollector = mesa.DataCollector(
            model_reporters=reporters(self.town.program), agent_reporters={name: name for name in REPORTED}
        )
        self.datacollector.collect(self)

    @property
    def date(self) -> date:
        """The first day that has not been lived yet: everything before it has happened."""
        return day_date(self.town.day)

    @property
    def institutions(self) -> list[InstitutionAgent]:
        """The agents that are institutions, those of one kind together."""
        return [agent for agent in self.agents if isinstance(agent, InstitutionAgent)]

    def register_agent(self, agent: mesa.Agent) -> None:
        """Numbers the agent and takes it up; called by Mesa, whose own numbering would keep every model that has agents
        in memory until Python ends."""
        agent.unique_id = next(self._numbers)
        getattr(mesa.Agent, "_ids", {}).pop(self, None)
        super().register_agent(agent)

    def resident(self, key: str | int) -> Resident:
        """Somebody who is or was there, by key (`abm-...`) or by row; raises UserError if there is nobody."""
        return self.residents.one(key)

    def step(self) -> None:
        """One month of everybody's life, then its end, at which institutions act; raises UserError at the horizon."""
        if self.town.over:
            self.steps -= 1  # Mesa counts before it calls
        before = total_flows(self.town)
        self.town.step()
        if not self.town.admissions.any_limited:  # the town need not ask institutions, but other agents may be there
            let_agents_step(self, ())
        self.flows = {name: number - before[name] for name, number in total_flows(self.town).items()}
        self.open_records = open_records(self.town)
        self.running = not self.town.over
        self.datacollector.collect(self)

    def note_change(self, what: str) -> None:
        """Remembers that something was done that a run does not do; `run.yaml` and the report will say so."""
        self._changes[what] = None

    @property
    def changes(self) -> tuple[str, ...]:
        """What was done to the institutions that a run does not do; without any the town is that of a run."""
        return tuple(self._changes)

    def log(self) -> pandas.DataFrame:
        """What has happened so far, as the table `events` of a run tells it: one row an event, by resident and day."""
        import pyarrow as pa

        from abmsim.records.tables import EVENTS, EventTable, event_columns
        from abmsim.schema.schema import load_schema

        schema, town = load_schema(), self.town
        table = EventTable(schema.tables[EVENTS], schema, town.program, self.residents.register.people["key"])
        parts = [table.batch(event_columns(chunk)) for chunk in town.chunks()]
        return pa.concat_tables(parts).unify_dictionaries().to_pandas()

    def write(self, folder: Path | str | None = None, force: bool = False) -> RunSummary:
        """Writes what has been lived so far as a run that ends on `date`; the model can go on afterwards.

        `folder` and `force` are those of `abmsim.run`, and can be given here or to the model. Raises UserError before
        the first step, and where a run may not be written.
        """
        if self.town.day <= self.plan.from_day:
            raise UsageError("nothing has been lived yet: step() the model before write()")
        found, prepared = self._found, self._prepared
        plan = replace(self.plan, to_date=self.date)
        target = Path(folder) if folder else plan.folder or default_folder(found.name, found.size, plan.seed)
        force = force or plan.force
        check_target(target, force)
        statistics = self.town.program.statistics
        extended = extensions_of(prepared.catalogue, statistics, plan.last_year)
        prepared = replace(prepared, extended=extended, changes=self.changes)
        with run_folder(target, force) as unfinished:
            written = write_run(unfinished, plan, found, self._modules, prepared, _no_progress)
        return summary(target, plan, found, prepared, written)


def _no_progress(stage: str, done: int, of: int) -> None:
    """Nobody waits at a terminal."""
