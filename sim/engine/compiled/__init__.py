"""The compiled engine: what agents do with the rules, in loops over columns of state.

`columns` declares the state and `layout` fills it from agents; `shifts` runs it, with a module for
each process, named as in `sim.agents`, `sim.coordination` and `sim.engine`. A function takes the
state as `s`, and tables as rows of records. Agents are `views` on the columns, and `read_back` lets
the books of a model show what came of it. What code of a user's own decides, compiled code asks
for: `asking` has the questions, `answering` what Python answers.
"""
