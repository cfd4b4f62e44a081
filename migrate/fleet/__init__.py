"""Many targets: each one is planned, carried out, resumed and taken back by itself, and one that fails stops no other.

What it is given and what it gives is plain data. It prints nothing, asks nobody and makes no process: what takes long
it hands to workers. Which exit code an outcome deserves is decided in cli/.
"""
