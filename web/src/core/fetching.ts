/** Getting the parts of the scene from the server; a failure is one sentence. */

export async function fetchBytes(address: string, signal: AbortSignal): Promise<ArrayBuffer> {
  return (await answered(address, signal)).arrayBuffer();
}

export async function fetchJson(address: string, signal: AbortSignal): Promise<unknown> {
  return (await answered(address, signal)).json();
}

/** A picture as the graphics want it: first row in the south, colours as they are stored. */
export async function fetchPicture(address: string, signal: AbortSignal): Promise<ImageBitmap> {
  const content = await (await answered(address, signal)).blob();
  return createImageBitmap(content, {
    imageOrientation: "flipY",
    premultiplyAlpha: "none",
    colorSpaceConversion: "none",
  });
}

async function answered(address: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(address, { signal });
  if (!response.ok) throw new Error(`${address} answered ${response.status} ${response.statusText}`.trim());
  return response;
}
