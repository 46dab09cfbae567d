// A screen on the wall: shows as many tiles as fit, the next ones after a while, and never burns a picture in.
"use strict";

const LEAF_MS = 15_000; // how long one screenful stays
const SHIFT_MS = 60_000; // how often everything moves a little
const RENEW_MS = 30 * 60_000; // a new version of the dashboard, and the session's next two weeks
const list = document.getElementById("tiles");
const leafText = document.getElementById("leaf");
const ring = [[0, 0], [4, 0], [8, 0], [8, 4], [8, 8], [4, 8], [0, 8], [0, 4]];
let leaf = 0;
let shift = 0;

function fit() {
  const tiles = [...list.children];
  for (const tile of tiles) tile.hidden = false;
  const bottom = document.documentElement.clientHeight + list.getBoundingClientRect().top - list.offsetTop;
  const fitting = tiles.filter((tile) => tile.getBoundingClientRect().bottom <= bottom).length;
  const count = Math.max(1, fitting);
  const leaves = Math.max(1, Math.ceil(tiles.length / count));
  leaf %= leaves;
  tiles.forEach((tile, n) => (tile.hidden = Math.floor(n / count) !== leaf));
  leafText.hidden = leaves < 2;
  leafText.textContent = leafText.dataset.text.replace("{n}", leaf + 1).replace("{all}", leaves);
}

function move() {
  const [x, y] = ring[shift++ % ring.length];
  document.body.style.transform = `translate(${x}px, ${y}px)`;
}

async function renew() {
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (answer.ok && answer.url === location.href) location.reload();
  } catch {
    // no server: what stands here says how old it is, and the stream comes back by itself
  }
}

new MutationObserver(fit).observe(list, { childList: true });
addEventListener("resize", fit);
document.fonts.ready.then(fit);
setInterval(() => (leaf++, fit()), LEAF_MS);
setInterval(move, SHIFT_MS);
setInterval(renew, RENEW_MS);
fit();
