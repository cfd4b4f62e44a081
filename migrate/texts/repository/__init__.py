"""What files are in a repository: the nodes they make, and which of them AEM takes for a PID; and those of an instance.

Reads files through listing, which holds what `instances` has read; decides nothing itself: plans/precedence does.
"""
