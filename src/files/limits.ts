export const LIMIT_PIXELS: number = 16383 ** 2;

export const LIMIT_BYTES: number = 2 ** 31;
