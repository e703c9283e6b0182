"""The compiled engine: what agents do with the rules, in loops over columns of state.

`columns` declares the state and `layout` fills it from agents; `shifts` runs it, with a module for
each process, which names the part of `sim.agents`, `sim.coordination` or `sim.engine` that says the
same of agents; `read_back` lets agents show what came of it. A function takes the state as `s`, and
tables as rows of records.
"""
