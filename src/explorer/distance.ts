/** How far a restaurant is from the reader, for the list. */

/** Mean radius of the earth in km (IUGG). */
const EARTH_RADIUS_KM = 6371.0088;
const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Great-circle distance in km by the spherical law of cosines; metres do not matter here. Degrees. */
export function distanceKm(
  latitude1: number,
  longitude1: number,
  latitude2: number,
  longitude2: number,
): number {
  const [from, to] = [radians(latitude1), radians(latitude2)];
  const cosine =
    Math.sin(from) * Math.sin(to) +
    Math.cos(from) * Math.cos(to) * Math.cos(radians(longitude2 - longitude1));
  return EARTH_RADIUS_KM * Math.acos(Math.min(1, Math.max(-1, cosine)));
}
