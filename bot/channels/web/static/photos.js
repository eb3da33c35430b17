// Photographs of a lab slip: made smaller here, sent, and shown once more beside what was read. None is kept.

const LONG_SIDE = 2000; // pixels; more does not help the reading
const QUALITY = 0.85;
const LARGEST = 20 * 1024 * 1024; // bytes of all files of one slip; the bot takes no more either

export const isPicture = (file) => file.type.startsWith("image/") || file.type === "application/pdf";

// Send the files as one slip: `{ status, picture }`, the picture with its rows numbered as base64, where there is one.
export async function sendPhotos(url, id, files) {
  const form = new FormData();
  form.append("message", id);
  let size = 0;
  for (const file of files) {
    const smaller = await shrunk(file);
    size += smaller.size;
    form.append("photo", smaller, "photo");
  }
  if (size > LARGEST) return { status: 413 };
  const response = await fetch(url, { method: "POST", body: form, headers: { Accept: "application/json" } }).catch(() => null);
  if (!response?.ok) return { status: response?.status ?? 0 };
  return { status: 200, picture: (await response.json()).picture };
}

// A picture that this browser can draw, as a JPEG of a size that is enough; any other file as it is.
async function shrunk(file) {
  if (!file.type.startsWith("image/")) return file;
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file; // the bot may know the format
  }
  const scale = Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height));
  if (scale === 1 && file.type === "image/jpeg") return file;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const paper = canvas.getContext("2d");
  paper.fillStyle = "white"; // what is transparent in a drawing
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob((blob) => done(blob ?? file), "image/jpeg", QUALITY));
}

// The figure that shows a picture. Its address is good in this page alone.
export function figureOf(picture, description) {
  const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0));
  const image = document.createElement("img");
  image.className = "slip";
  image.alt = description;
  image.src = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
  const figure = document.createElement("figure");
  figure.className = "slip";
  figure.append(image);
  return figure;
}
