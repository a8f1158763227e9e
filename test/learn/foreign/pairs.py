"""Makes pictures before and after a filter of another program, stored and altered as people store and alter them.

Usage: pairs.py <folder> <jobs.json>
A job has a name, a source (grey, rgb, rgba, grey16, rgb16), how its after is made (a Python expression of the array `b`, or the words
of a command in which IN and OUT stand for files), how both are altered then (a Python expression of `b`, `a` and another photograph
`o` that gives an after, or a before and an after), and how the after is stored (png, webp quality, jpeg quality and sampling).
Nothing here knows how corr2d computes.
"""

import json
import subprocess
import sys

import cv2
import numpy as np
import scipy.ndimage as ndi
import skimage
import skimage.filters
import skimage.util
from PIL import Image, ImageDraw, ImageFilter

folder, jobs = sys.argv[1], json.load(open(sys.argv[2]))
DATA = "/usr/lib/python3/dist-packages/skimage/data/"


def crop(name, top, left, height=160, width=208):
    picture = Image.open(DATA + name).convert("RGB")
    return np.asarray(picture)[top : top + height, left : left + width]


def grey(rgb):
    return np.asarray(Image.fromarray(rgb).convert("L"))


# Photographs alone: what has detail everywhere, and black and white in few places.
PHOTOGRAPHS = [("motorcycle_left.png", 140, 190), ("coffee.png", 90, 150), ("chelsea.png", 40, 90), ("motorcycle_right.png", 60, 320)]
NAMES = {"coffee": 1, "chelsea": 2, "right": 3}


def photograph(kind, which=0):
    rgb = crop(*PHOTOGRAPHS[which])
    if kind == "rgb":
        return rgb
    if kind == "grey":
        return grey(rgb)
    if kind == "rgba":
        rows, columns = np.mgrid[: rgb.shape[0], : rgb.shape[1]]
        alpha = np.clip(255 - 1.2 * np.hypot(rows - 80, columns - 104), 0, 255).astype(np.uint8)
        return np.dstack([rgb, alpha])
    # Of 16 bits: a mean of 16 samples of 8 bits.
    fine = ndi.uniform_filter(rgb.astype(float), (4, 4, 0)) * 257
    deep = np.rint(fine).astype(np.uint16)
    return deep if kind == "rgb16" else deep[..., 1].copy()


def save(array, path):
    if array.dtype == np.uint16 and array.ndim == 3:
        cv2.imwrite(path, array[..., ::-1])
    elif array.dtype == np.uint16:
        Image.fromarray(array.astype(np.int32), "I").save(path) if False else cv2.imwrite(path, array)
    else:
        Image.fromarray(array).save(path)


def load(path):
    array = cv2.imread(path, cv2.IMREAD_UNCHANGED)
    if array.ndim == 2:
        return array
    return np.ascontiguousarray(array[..., [2, 1, 0, 3][: array.shape[2]]])


def u8(array):
    """Rounded and clipped, as a careful author writes it."""
    return np.clip(np.rint(array), 0, 255).astype(np.uint8)


def each(array, filtered):
    """Of every channel by itself."""
    if array.ndim == 2:
        return filtered(array)
    return np.dstack([filtered(array[..., i]) for i in range(array.shape[2])])


def pil(array, *filters):
    picture = Image.fromarray(array)
    for one in filters:
        picture = picture.filter(one)
    return np.asarray(picture)


def caption(array, text="corr2d is not in here, this is a caption of some length"):
    picture = Image.fromarray(array)
    draw = ImageDraw.Draw(picture)
    height, width = array.shape[:2]
    white = (255,) * 3 if array.ndim == 3 else 255
    draw.rectangle((10, height - 34, width - 30, height - 12), fill=(0,) * 3 if array.ndim == 3 else 0)
    draw.text((16, height - 29), text, fill=white)
    return np.asarray(picture)


def masked(before, after, share=0.45):
    out = after.copy()
    out[:, : int(share * out.shape[1])] = before[:, : int(share * out.shape[1])]
    return out


def soft(before, after):
    """Blended in by a mask with a soft edge."""
    rows, columns = np.mgrid[: before.shape[0], : before.shape[1]]
    mask = np.clip((columns - 50) / 40, 0, 1)
    mask = mask[..., None] if before.ndim == 3 else mask
    return u8(before + mask * (after.astype(float) - before))


def dead(after, count=60):
    out = after.copy()
    state = np.random.RandomState(5)
    out[state.randint(0, out.shape[0], count), state.randint(0, out.shape[1], count)] = 255
    return out


def luma_only(rgb, filtered, to=cv2.COLOR_RGB2YCrCb, back=cv2.COLOR_YCrCb2RGB):
    space = cv2.cvtColor(rgb, to)
    space[..., 0] = filtered(np.ascontiguousarray(space[..., 0]))
    return cv2.cvtColor(space, back)


def make(how, before, name):
    if how is None:
        return before
    if isinstance(how, str):
        return eval(how, {**globals(), "b": before})
    source, target = f"{folder}/{name}.in.png", f"{folder}/{name}.out.png"
    save(before, source)
    words = [word.replace("IN", source).replace("OUT", target) for word in how]
    subprocess.run(words, check=True, capture_output=True, cwd=folder)
    made = load(target)
    # Programs drop an alpha or colour that says nothing, and keep none.
    return made[..., : before.shape[2]] if made.ndim == 3 and before.ndim == 3 else made


def store(array, path, how):
    if how == "png":
        return save(array, path + ".png")
    kind, quality, *sampling = how.split(":")
    picture = Image.fromarray(array)
    if kind == "jpeg":
        picture.save(path + ".jpg", quality=int(quality), subsampling={"444": 0, "420": 2}[sampling[0]])
    else:
        picture.save(path + ".webp", quality=int(quality), method=2)


for job in jobs:
    count = job.get("pairs", 1)
    for i in range(count):
        name = job["name"] if count == 1 else f"{job['name']}.{i}"
        before = photograph(job["source"], job.get("photograph", 0) if count == 1 else i)
        try:
            after = make(job["made"] if i == 0 or "spoiled" not in job or i != count - 1 else job["spoiled"], before, name)
        except subprocess.CalledProcessError as error:
            sys.exit(f"{name}: {error.stderr.decode()}")
        if job.get("altered"):
            other = photograph(job["source"], 1)
            altered = eval(job["altered"], {**globals(), "b": before, "a": after, "o": other})
            before, after = altered if isinstance(altered, tuple) else (before, altered)
        if job.get("exchanged"):
            before, after = after, before
        if job.get("storedBefore"):
            store(before, f"{folder}/{name}.before", job["storedBefore"])
            if after is before:
                after = before
        else:
            save(before, f"{folder}/{name}.before.png")
        store(after, f"{folder}/{name}.after", job.get("stored", "png"))
