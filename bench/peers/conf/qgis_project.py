"""Writes $work/bench.qgs. Run by the Python that QGIS is installed for."""

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsProject,
    QgsVectorLayer,
)

QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
project = QgsProject.instance()
project.setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
layer = QgsVectorLayer("$work/parcels.gpkg|layername=parcels", "parcels", "ogr")
assert layer.isValid()
layer.setShortName("parcels")
project.addMapLayer(layer)
project.writeEntry("WFSLayers", "/", [layer.id()])
project.writeEntry("WFSLayersPrecision", "/" + layer.id(), 7)
project.write("$work/bench.qgs")
