"""The town as a Mesa model: a month at a time, to look around in and to change what institutions do.

The only package that imports Mesa, which takes more than a second: nothing else of `abmsim` loads it.
"""

from abmsim.mesa_model.agents import InstitutionAgent as InstitutionAgent
from abmsim.mesa_model.model import TownModel as TownModel
from abmsim.mesa_model.residents import Resident as Resident
