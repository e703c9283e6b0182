"""A run that can be steered while it goes on, in the browser: `bordersim play`.

Only `page` and what it is made of need the extra `play`; the rest stands without it.
"""
