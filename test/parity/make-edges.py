"""Writes what OpenCV, scikit-image and SciPy make of the samples' edges, for edges.test.ts to compare with.

    python3 test/parity/make-edges.py

The vectors beside this file come from OpenCV 4.6.0, scikit-image 0.19.3, SciPy 1.10.1 and NumPy 1.24.2 (Debian 12:
python3-opencv, python3-skimage).

  edges.json  for each operator: the options of detectEdges, and which map of edges.npy is theirs; for each picture
              and setting of Canny: the CRC-32 of the map's samples (0 and 255), and how many are edges
  edges.npy   float32, operator x row x column: rows and columns 120 to 151 of samples/camera.png taken as a picture of
              its own, so that its rim is compared too; in units of white
"""

import json
from pathlib import Path
from zlib import crc32

import cv2
import numpy as np
from scipy import ndimage
from skimage import feature, filters

HERE = Path(__file__).resolve().parent
SAMPLES = HERE / "../../samples"
PNGS = ["astronaut.png", "camera.png", "chelsea.png", "pair/before.png", "pair/after.png"]
CROP = (slice(120, 152), slice(200, 240))

crop = np.ascontiguousarray(cv2.imread(str(SAMPLES / "camera.png"), cv2.IMREAD_GRAYSCALE)[CROP])
unit = crop / 255.0
entries, maps = [], []


def add(convention, options, response):
    entries.append({"convention": convention, **options})
    maps.append(np.asarray(response, dtype=np.float32))


def opencv():
    def sobel(aperture, picture=unit):
        return [cv2.Sobel(picture, cv2.CV_64F, *order, ksize=aperture) for order in ((1, 0), (0, 1))]

    for aperture in (3, 5, 7):
        x, y = sobel(aperture)
        add("opencv", {"operator": "sobel-x", "aperture": aperture}, x)
        add("opencv", {"operator": "sobel-y", "aperture": aperture}, y)
        add("opencv", {"operator": "sobel", "aperture": aperture}, cv2.magnitude(x, y))
        add("opencv", {"operator": "sobel", "aperture": aperture, "magnitude": "l1"}, np.abs(x) + np.abs(y))
        add("opencv", {"operator": "laplacian", "aperture": aperture}, cv2.Laplacian(unit, cv2.CV_64F, ksize=aperture))
    x, y = (cv2.Scharr(unit, cv2.CV_64F, *order) for order in ((1, 0), (0, 1)))
    add("opencv", {"operator": "scharr-x"}, x)
    add("opencv", {"operator": "scharr-y"}, y)
    add("opencv", {"operator": "scharr"}, cv2.magnitude(x, y))
    add("opencv", {"operator": "laplacian"}, cv2.Laplacian(unit, cv2.CV_64F))
    for sigma in (0.8, 1.1, 2):
        add("opencv", {"operator": "sobel", "sigma": sigma}, cv2.magnitude(*sobel(3, cv2.GaussianBlur(unit, (0, 0), sigma))))


def skimage():
    for name in ("sobel", "scharr", "prewitt", "farid"):
        add("skimage", {"operator": name}, getattr(filters, name)(unit))
        add("skimage", {"operator": f"{name}-x"}, getattr(filters, f"{name}_v")(unit))
        add("skimage", {"operator": f"{name}-y"}, getattr(filters, f"{name}_h")(unit))
    add("skimage", {"operator": "roberts"}, filters.roberts(unit))
    add("skimage", {"operator": "roberts-x"}, filters.roberts_pos_diag(unit))
    add("skimage", {"operator": "roberts-y"}, filters.roberts_neg_diag(unit))
    add("skimage", {"operator": "laplacian"}, filters.laplace(unit))
    for sigma in (1, 2.3):
        add("skimage", {"operator": "dog", "sigma": sigma}, filters.difference_of_gaussians(unit, sigma))
        add("skimage", {"operator": "log", "sigma": sigma}, ndimage.gaussian_laplace(unit, sigma))
        add("skimage", {"operator": "gaussian-gradient", "sigma": sigma}, ndimage.gaussian_gradient_magnitude(unit, sigma))
        add("skimage", {"operator": "gaussian-gradient-x", "sigma": sigma}, ndimage.gaussian_filter(unit, sigma, order=(0, 1)))
        add("skimage", {"operator": "gaussian-gradient-y", "sigma": sigma}, ndimage.gaussian_filter(unit, sigma, order=(1, 0)))


def summary(edges):
    samples = np.where(edges, 255, 0).astype(np.uint8)
    return {"crc": crc32(samples.tobytes()), "edges": int(np.count_nonzero(samples))}


def canny_of_opencv():
    for name in PNGS:
        bgr = cv2.imread(str(SAMPLES / name), cv2.IMREAD_COLOR)
        # Of equal gradients the first channel's counts, so the channels stand as they do in the file.
        pictures = {"luma": cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), "max": cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)}
        if name == "camera.png":
            pictures = {"luma": cv2.imread(str(SAMPLES / name), cv2.IMREAD_GRAYSCALE)}
        for color, picture in pictures.items():
            for magnitude in ("l1", "l2"):
                for aperture, low, high in ((3, 60, 150), (5, 900, 2500), (7, 15000, 40000)):
                    edges = cv2.Canny(picture, low, high, apertureSize=aperture, L2gradient=magnitude == "l2")
                    options = {"color": color, "magnitude": magnitude, "aperture": aperture, "low": low, "high": high}
                    yield {"picture": name, **options, **summary(edges)}


def canny_of_skimage():
    camera = cv2.imread(str(SAMPLES / "camera.png"), cv2.IMREAD_GRAYSCALE) / 255.0
    mask = np.zeros(camera.shape, dtype=bool)
    mask[100:400, 50:450] = True
    for sigma, low, high, masked in ((1, 0.1, 0.2, False), (2, 0.1, 0.2, False), (3, 0.05, 0.3, False), (1.5, 0.1, 0.2, True)):
        edges = feature.canny(camera, sigma, low, high, mask=mask if masked else None)
        yield {"sigma": sigma, "low": low, "high": high, "masked": masked, **summary(edges)}


opencv()
skimage()
np.save(HERE / "edges.npy", np.stack(maps))
vectors = {"operators": entries, "opencv": list(canny_of_opencv()), "skimage": list(canny_of_skimage())}
lines = {key: ",\n    ".join(json.dumps(entry) for entry in value) for key, value in vectors.items()}
body = ",\n".join(f'  "{key}": [\n    {value}\n  ]' for key, value in lines.items())
(HERE / "edges.json").write_text(f"{{\n{body}\n}}\n")
