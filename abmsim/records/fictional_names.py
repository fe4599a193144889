"""Made-up names of institutions: a plant and, so that nobody takes them for a real one, the word fictional."""

from __future__ import annotations

from abmsim.randomness import name_key

PLANTS = (
    "Agrimony", "Alder", "Anemone", "Angelica", "Ash", "Aspen", "Aster", "Avens", "Beech", "Bellflower", "Betony",
    "Bilberry", "Birch", "Bluebell", "Bramble", "Bryony", "Bugle", "Burnet", "Campion", "Celandine", "Chicory",
    "Clover", "Columbine", "Comfrey", "Cornflower", "Cowslip", "Crowberry", "Daisy", "Dogwood", "Elder", "Elm",
    "Fennel", "Fern", "Figwort", "Flax", "Foxglove", "Gentian", "Goldenrod", "Harebell", "Hawthorn", "Hazel",
    "Heather", "Hornbeam", "Iris", "Ivy", "Juniper", "Knapweed", "Larkspur", "Lilac", "Linden", "Loosestrife",
    "Lupin", "Mallow", "Maple", "Marigold", "Marjoram", "Meadowsweet", "Mint", "Moss", "Mullein", "Oak", "Orchid",
    "Oxeye", "Pansy", "Pine", "Plantain", "Poplar", "Poppy", "Primrose", "Reed", "Rowan", "Rush", "Sage", "Sedge",
    "Sorrel", "Speedwell", "Spruce", "Spurrey", "Tansy", "Teasel", "Thistle", "Thyme", "Toadflax", "Valerian", "Vetch",
    "Viburnum", "Violet", "Willow", "Woodruff", "Yarrow",
)  # fmt: skip


def fictional_name(institution: str, title: str) -> str:
    """A name for the institution `wmo_desk GM0546`: `Wmo desk Meadowsweet (fictional)`; each run has the same."""
    return f"{title} {PLANTS[int(name_key(institution)) % len(PLANTS)]} (fictional)"
