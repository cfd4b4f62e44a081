"""Boots real Apache Slings for the tests: fetching, building, starting, waiting, stopping.

Three kinds (``kinds``): aem65 has the builds that AEM 6.5 has, sling12 and sling12n are newer. ``instance`` runs one of
them in a folder of its own on ports of its own; ``options`` says what may differ between two of one kind; ``lab`` keeps
several. Everything comes through Maven and pip (``maven``, ``java``), nothing of it is in this repository.
"""
