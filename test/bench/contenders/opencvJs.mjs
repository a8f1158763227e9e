import { inProcess } from '../measure.mjs';
import { keep } from '../scene.mjs';

/** OpenCV compiled to WebAssembly, as published: without vector instructions, on one thread. */
export async function loadOpenCvJs() {
  const { default: loaded } = await import('@techstark/opencv-js');
  const cv = await Promise.resolve(loaded);
  const matOf = (scene, name) =>
    keep(scene, `opencv.js ${name}`, () => {
      const mat = new cv.Mat(scene.height, scene.width, cv.CV_32F);
      scene.closers.push(() => mat.delete());
      return mat;
    });
  const start = (scene, call) => {
    const x = matOf(scene, 'x');
    const out = matOf(scene, 'out');
    x.data32F.set(scene.samples);
    return inProcess(
      () => call(x, out),
      () => out.data32F,
    );
  };
  return {
    filter2d: ({ taps, size }) => ({
      name: 'opencv.js',
      open(scene) {
        const kernel = cv.matFromArray(size, size, cv.CV_32F, taps);
        scene.closers.push(() => kernel.delete());
        const middle = new cv.Point(-1, -1);
        return start(scene, (x, out) => cv.filter2D(x, out, -1, kernel, middle, 0, cv.BORDER_REFLECT_101));
      },
    }),
    gaussian: (size, sigma) => ({
      name: 'opencv.js GaussianBlur',
      open: (scene) =>
        start(scene, (x, out) => cv.GaussianBlur(x, out, new cv.Size(size, size), sigma, sigma, cv.BORDER_REFLECT_101)),
    }),
  };
}
