/** Rows and columns that are looked at for every result, odd. */
export interface Window {
  readonly height: number;
  readonly width: number;
}
