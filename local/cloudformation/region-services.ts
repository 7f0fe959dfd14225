/** What resource types make their resources with. */
export interface RegionServices {
  readonly endpoint: string;
}
