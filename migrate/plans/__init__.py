"""From a target to its plan: inventory, one folder's plan, what becomes of each file, findings; and the scan.

Reads through targets/, decides with passes/; nothing here writes or prints. Inner room: vault/ (META-INF follows).
"""
