"""The yardstick of ``composed_view_vs_drf`` (design 5.5): the composed view as one Django application.

Django, Django REST Framework and django-guardian are installed by ``make bench`` only, and imported in the
process of this application only: ``python -m benchmarks.drf_case``, which ``benchmarks/drf.py`` starts.
"""
