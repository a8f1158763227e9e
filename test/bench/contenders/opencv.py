"""Times OpenCV: one JSON request a line on standard input, one JSON answer a line on standard output."""

import json
import sys
import time

import cv2
import numpy as np

BORDERS = {"reflect101": cv2.BORDER_REFLECT_101, "zero": cv2.BORDER_CONSTANT, "replicate": cv2.BORDER_REPLICATE}

arrays = {}
calls = {}


def filter2d(x, taps, border):
    """One plane; or C planes and O×C kernels: OpenCV has no sum over channels, so a filter and an addition for each."""
    planes = [np.ascontiguousarray(plane) for plane in x]
    out = np.empty((len(taps), *planes[0].shape), np.float32)
    part = np.empty_like(planes[0])
    mode = BORDERS[border]

    def call():
        for sums, kernels in zip(out, taps):
            cv2.filter2D(planes[0], -1, kernels[0], dst=sums, borderType=mode)
            for plane, kernel in zip(planes[1:], kernels[1:]):
                cv2.filter2D(plane, -1, kernel, dst=part, borderType=mode)
                cv2.add(sums, part, dst=sums)

    return call, out


def gaussian(x, size, sigma, border):
    out = np.empty_like(x)

    def call():
        cv2.GaussianBlur(x[0], (size, size), sigma, dst=out[0], sigmaY=sigma, borderType=BORDERS[border])

    return call, out


def sobel(x, scale, border):
    """Sobel's two directions and their magnitude."""
    across, down, out = np.empty_like(x), np.empty_like(x), np.empty_like(x)
    mode = BORDERS[border]

    def call():
        cv2.Sobel(x[0], cv2.CV_32F, 1, 0, dst=across[0], ksize=3, scale=scale, borderType=mode)
        cv2.Sobel(x[0], cv2.CV_32F, 0, 1, dst=down[0], ksize=3, scale=scale, borderType=mode)
        cv2.magnitude(across[0], down[0], magnitude=out[0])

    return call, out


def canny(x, low, high, aperture, l2):
    """Black and white lines of bytes, whose conversion is not timed."""
    picture = x[0].astype(np.uint8)
    lines = np.empty_like(picture)
    out = Saved(lines)

    def call():
        cv2.Canny(picture, low, high, edges=lines, apertureSize=aperture, L2gradient=l2)

    return call, out


class Saved:
    """Bytes that are saved as Float32, as all results are."""

    def __init__(self, samples):
        self.samples = samples

    def tofile(self, path):
        self.samples.astype(np.float32).tofile(path)


def least_squares(x, size, how):
    """Taps and bias of each of the last three planes from windows of the first three, written down one a row."""
    channels = len(x) // 2
    half = size // 2
    height, width = (length - size + 1 for length in x.shape[1:])
    out = np.empty((channels, channels * size * size + 1), np.float32)

    def call():
        windows = np.lib.stride_tricks.sliding_window_view(x[:channels], (size, size), axis=(1, 2))
        rows = np.empty((height * width, out.shape[1]))
        rows[:, :-1] = windows.transpose(1, 2, 0, 3, 4).reshape(len(rows), -1)
        rows[:, -1] = 255
        after = x[channels:, half : half + height, half : half + width].reshape(channels, -1).T.astype(float)
        if how == "lstsq":
            out[:] = np.linalg.lstsq(rows, after, rcond=None)[0].T
        else:
            out[:] = np.linalg.solve(rows.T @ rows, rows.T @ after).T

    return call, out


MAKERS = {"filter2D": filter2d, "GaussianBlur": gaussian, "Sobel": sobel, "Canny": canny, "leastSquares": least_squares}


def load(name, path, shape):
    arrays[name] = np.fromfile(path, np.float32).reshape(shape)
    return {}


def prepare(name, function, scene, options):
    if "taps" in options:
        options["taps"] = np.array(options["taps"], np.float32).reshape(options.pop("shape"))
    calls[name] = MAKERS[function](arrays[scene], **options)
    return {}


def measure(name, repeats):
    call = calls[name][0]
    start = time.perf_counter()
    for _ in range(repeats):
        call()
    return {"ms": (time.perf_counter() - start) * 1000 / repeats}


def save(name, path):
    call, out = calls[name]
    call()
    out.tofile(path)
    return {}


def close(scene):
    arrays.pop(scene)
    for name in [name for name in calls if name.startswith(f"{scene} ")]:
        del calls[name]
    return {}


HANDLERS = {"load": load, "prepare": prepare, "measure": measure, "save": save, "close": close}

cv2.setNumThreads(1)
# OpenCL would move the work elsewhere.
cv2.ocl.setUseOpenCL(False)
print(json.dumps({"version": cv2.__version__}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = HANDLERS[request.pop("do")](**request)
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
