/** Ends of names of what is no picture, and is not opened to see whether it is one after all. */
const OTHER_EXTENSIONS: ReadonlySet<string> = new Set(
  [
    // Texts, tables, settings and code.
    'txt md rst tex bib rtf log csv tsv json ndjson jsonl geojson xml xsl xmp html htm css yml yaml toml ini cfg conf lock map srt vtt',
    'js mjs cjs ts mts cts jsx tsx py ipynb c h cc cpp hpp cs rs go java kt rb php pl sh bat ps1 sql r m lua swift',
    // Documents.
    'doc docx xls xlsx ppt pptx odt ods odp epub mobi',
    // Archives, programs, fonts, data of other programs.
    'zip gz tgz bz2 xz zst tar 7z rar iso dmg jar exe msi dll so dylib o a class pyc wasm node ttf otf woff woff2 eot',
    'db sqlite npz mat h5 hdf5 nc parquet pkl pt pth onnx',
    // Films and sounds.
    'mp4 m4v mov avi mkv webm mpg mpeg wmv flv 3gp mts m2ts lrv mp3 wav flac ogg opus m4a aac aif aiff wma mid',
    // What programs that work with photographs put beside them, previews of films among it.
    'aae pp3 dop cos thm lrcat lrdata xcf kra',
    // What is not whole, or has been replaced.
    'tmp temp part partial crdownload download bak old orig original swp',
  ].flatMap((line) => line.split(' ')),
);

/** Whether a file's name says that it is no picture: `notes.txt`, `film.mp4`, `a.jpg~`, `a.jpg_original`. */
export function isOtherName(name: string): boolean {
  const extension = /\.([^.]+)$/.exec(name)?.[1].toLowerCase() ?? '';
  // ExifTool keeps the picture that it changed under the second, editors under the first.
  return name.endsWith('~') || extension.endsWith('_original') || OTHER_EXTENSIONS.has(extension);
}
