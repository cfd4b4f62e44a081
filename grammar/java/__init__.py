"""What Java does with UTF-16 units, numbers, digits and `.properties`, where Python does something else or nothing.

Pure functions, named after the Java methods whose answers they give. Knows values, nothing of any form.
"""
