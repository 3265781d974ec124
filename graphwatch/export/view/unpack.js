"use strict";
// The data blocks: what is drawn at once, and what is read when somebody looks closer.
gw.unpack = async function (id) {
  const letters = atob(JSON.parse(gw.find(id).textContent));
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i += 1) bytes[i] = letters.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
};

try {
  gw.data = await gw.unpack("data");
} catch (problem) {
  // Its words are in the page, in both languages, since all others are in the data.
  gw.find("failed").hidden = false;
  throw problem;
}
// Notes and what else a reader left in a saved copy.
gw.kept = JSON.parse(gw.find("kept").textContent);
