// Asks an OGC API with @camptocamp/ogc-client and tells as JSON what it was told: node ogc_client.mjs ROOT
import { OgcApiEndpoint } from '@camptocamp/ogc-client';

const endpoint = new OgcApiEndpoint(process.argv[2]);
const box = [105.846, 21.025, 105.852, 21.031];
const style = 'application/vnd.mapbox.style+json';

const of = (options) => endpoint.getCollectionItemsUrl('zones', options);
const told = {
  info: await endpoint.info,
  conformance: await endpoint.conformanceClasses,
  features: await endpoint.featureCollections,
  tiles: await endpoint.vectorTileCollections,
  tileMatrixSets: await endpoint.tileMatrixSets,
  collection: await endpoint.getCollectionInfo('zones'),
  items: await endpoint.getCollectionItems('zones', 3, 2, undefined, undefined, box),
  day: await endpoint.getCollectionItems(
    'zones-history', 10000, 0, undefined, undefined, undefined, undefined, new Date('2019-01-01T00:00:00Z')),
  item: await endpoint.getCollectionItem('plans', (await endpoint.getCollectionItems('plans', 1))[0].id),
  inDegrees: await of({ asJson: true, limit: 5, offset: 1, outputCrs: 'EPSG:4326' }),
  inMetres: await of({ asJson: true, limit: 5, offset: 1, outputCrs: 'EPSG:3857', extent: box }),
  boxNorthFirst: await of({
    asJson: true, extent: [box[1], box[0], box[3], box[2]], extentCrs: 'EPSG:4326', limit: 1 }),
  table: await of({ outputFormat: 'text/csv', query: 'land_use=ODT' }),
  tileset: await endpoint.getVectorTilesetUrl('zones'),
  styles: await endpoint.allStyles(),
  stylesheet: await endpoint.getStylesheetUrl('land-use', style),
};
process.stdout.write(JSON.stringify(told));
