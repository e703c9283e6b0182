"""Numbers of the instruments in compiled code: their order in `sim.coordination`, after aid."""

from sim.coordination import INSTRUMENTS
from sim.coordination.aid import SurgeAid

INSTRUMENT_NUMBERS = {name: number for number, name in enumerate((SurgeAid.name, *INSTRUMENTS))}

AID = INSTRUMENT_NUMBERS["aid"]
JOINT_OPERATIONS = INSTRUMENT_NUMBERS["joint_operations"]
MATERIAL_SUPPORT = INSTRUMENT_NUMBERS["material_support"]
JOINT_PATROLS = INSTRUMENT_NUMBERS["joint_patrols"]
SCHEDULES = INSTRUMENT_NUMBERS["schedules"]
MARKERS = INSTRUMENT_NUMBERS["markers"]
PROFESSIONAL_EXCHANGES = INSTRUMENT_NUMBERS["professional_exchanges"]
CULTURAL_EXCHANGES = INSTRUMENT_NUMBERS["cultural_exchanges"]
FRIENDSHIP_EXCHANGES = INSTRUMENT_NUMBERS["friendship_exchanges"]
RESIDENTIAL_TWINNING = INSTRUMENT_NUMBERS["residential_twinning"]
HEALTH = INSTRUMENT_NUMBERS["health"]
HOTLINE = INSTRUMENT_NUMBERS["hotline"]
SHARING = INSTRUMENT_NUMBERS["sharing"]
