"""What is read: folders, single files, content packages; their names, their walk, their bytes. Nothing here writes.

`base` says what a target is, `opening` finds it from what the user typed. Inner rooms: package/ (zip files), vault/
(filter.xml and its kin).
"""
