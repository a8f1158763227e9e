export * from './core.ts';
export { type EncodeOptions, encodeImage, type ImageFormat } from './files/encodeImage.ts';
export { PictureError, type PictureErrorCode } from './files/pictureError.ts';
export { type ReadOptions, readImage } from './files/readImage.ts';
export { readKernel, readKernelFile } from './files/readKernel.ts';
export { fromSharp, toSharp } from './files/sharp.ts';
export { type WriteOptions, writeImage } from './files/writeImage.ts';
export { writeKernel } from './files/writeKernel.ts';
