"""Who looks for whom: shares of the partner market from published marriages and couples."""

from __future__ import annotations

from abmsim.stats.catalogue import Catalogue


def same_sex_seekers(catalogue: Catalogue) -> list[dict[str, str]]:
    """Of the women, and of the men, who marry: the share whose partner has their own sex."""
    table = catalogue.table("same_sex_marriages")
    women = table.value(figure="marriages_of_two_women_per_year")
    men = table.value(figure="marriages_of_two_men_per_year")
    share = table.value(figure="spouses_of_own_sex_per_1000_married_since_2001") / 1000
    mixed = (women + men) * (1 - share) / share
    return [
        {"sex": sex, "share": f"{2 * couples / (2 * couples + mixed):.5f}"}
        for sex, couples in (("female", women), ("male", men))
    ]


def education_homogamy(catalogue: Catalogue) -> list[dict[str, str]]:
    """The share h of women who take their own level only, from both = h w + (1 - h) w m', m' = (m - h w) / (1 - h)."""
    table = catalogue.table("couples_by_education_2016")
    women = table.value(figure="women_with_high_education") / 100
    men = table.value(figure="men_with_high_education") / 100
    both = table.value(figure="couples_with_both_high") / 100
    share = (both - women * men) / (women * (1 - women))
    return [{"strength": "same_level_only", "share": f"{share:.3f}"}]
