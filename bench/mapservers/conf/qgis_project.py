"""Writes $work/plots.qgs. Run by the Python that QGIS is installed for."""

import json

from qgis.core import (
    QgsApplication,
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsFillSymbol,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsPrintLayout,
    QgsProject,
    QgsRectangle,
    QgsRendererCategory,
    QgsVectorLayer,
)

QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
project = QgsProject.instance()
project.setCrs(QgsCoordinateReferenceSystem("EPSG:4547"))
layer = QgsVectorLayer("$work/plots.fgb", "plots", "ogr")
assert layer.isValid()
layer.setShortName("plots")
categories = []
LOOKS = """$looks"""
for code, title, fill, edge in json.loads(LOOKS):
    pen = {"color": fill, "outline_color": edge, "outline_width": "0.7"}
    pen |= {"outline_width_unit": "Pixel", "joinstyle": "round"}
    symbol = QgsFillSymbol.createSimple(pen)
    categories.append(QgsRendererCategory(code, symbol, title))
layer.setRenderer(QgsCategorizedSymbolRenderer("code", categories))
project.addMapLayer(layer)
layout = QgsPrintLayout(project)
layout.initializeDefaults()
layout.setName("sheet")
size = QgsLayoutSize(304.8, 203.2)
layout.pageCollection().page(0).setPageSize(size)
frame = QgsLayoutItemMap(layout)
frame.setId("map0")
layout.addLayoutItem(frame)
frame.attemptMove(QgsLayoutPoint(0, 0))
frame.attemptResize(size)
frame.setExtent(QgsRectangle(415000, 2548000, 418000, 2550000))
frame.setLayers([layer])
frame.setKeepLayerSet(True)
legend = QgsLayoutItemLegend(layout)
layout.addLayoutItem(legend)
legend.attemptMove(QgsLayoutPoint(240, 110))
legend.setLinkedMap(frame)
project.layoutManager().addLayout(layout)
project.writeEntry("WMSServiceCapabilities", "/", True)
project.write("$work/plots.qgs")
