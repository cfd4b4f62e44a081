"""What Java does with UTF-16 units, numbers and digits where Python does something else.

Pure functions, named after the Java methods whose answers they give. Knows values, nothing of any form.
"""
