"""What files are in a repository: the nodes they make, and which of them AEM takes for a PID.

Reads files through listing; decides nothing itself: plans/precedence does.
"""
