"""The compiled engine: what agents do with the rules, in loops over columns of state.

`columns` declares the state and `layout` fills it from agents; `shifts` runs it, with a module for
each process, named as in `sim.agents`, `sim.coordination` and `sim.engine`; `read_back` lets agents
show what came of it. A function takes the state as `s`, and tables as rows of records.
"""
