"""Makes ``layers/data/*.geojson`` from the gazetteer: ``python -m layers.build``.

The same tables give the same bytes. Every shape is drawn by rule from positions in
``layers/gazetteer`` and from one public boundary, and says how.
"""
