/** Distances on the earth, for the geo filter and for sorting. */

/** Mean radius of the earth in km (IUGG). */
const EARTH_RADIUS_KM = 6371.0088;
const KM_PER_DEGREE = (EARTH_RADIUS_KM * Math.PI) / 180;
const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Great-circle distance in km by the haversine formula (R. W. Sinnott, Sky & Telescope 68, 1984). */
export function distanceKm(
  latitude1: number,
  longitude1: number,
  latitude2: number,
  longitude2: number,
): number {
  const halfLatitude = Math.sin(radians(latitude2 - latitude1) / 2);
  const halfLongitude = Math.sin(radians(longitude2 - longitude1) / 2);
  const a =
    halfLatitude ** 2 + Math.cos(radians(latitude1)) * Math.cos(radians(latitude2)) * halfLongitude ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(a)));
}

/** The range of latitudes around a circle, by which an index narrows the rows before exact distances are computed. */
export function latitudeBand(latitude: number, radiusKm: number): readonly [south: number, north: number] {
  const degrees = radiusKm / KM_PER_DEGREE + 1e-9;
  return [latitude - degrees, latitude + degrees];
}
