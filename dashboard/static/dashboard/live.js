// Keeps a page as the server sees it: takes the parts that changed, and counts the age of every figure.
"use strict";

const page = document.querySelector("[data-live]");
const broken = document.getElementById("broken");
const ages = new Intl.RelativeTimeFormat(document.documentElement.lang, { style: "short" });
const PATIENCE_MS = 3000; // a stream ends now and then and is back within a second
let worry = 0;
let clockAhead = Number(page.dataset.now) - Date.now();

function elementOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
}

function replace(id, html) {
  const old = document.getElementById(id);
  const fresh = elementOf(html);
  if (old) old.replaceWith(fresh);
  return fresh;
}

function arrange(container, ids, made) {
  const children = ids.map((id) => document.getElementById(id) ?? made[id]).filter(Boolean);
  if (children.some((child, i) => container.children[i] !== child)) container.replaceChildren(...children);
  while (container.children.length > children.length) container.lastElementChild.remove();
}

function apply(message) {
  const focused = document.activeElement?.id;
  const made = {};
  for (const [id, html] of Object.entries(message.parts)) made[id] = replace(id, html);
  for (const [id, ms] of Object.entries(message.heard)) {
    const time = document.getElementById(id)?.querySelector("time.age");
    if (time) Object.assign(time.dataset, { ms, clock: "" });
  }
  for (const [id, ids] of Object.entries(message.order)) arrange(document.getElementById(id), ids, made);
  if (focused && document.activeElement?.id !== focused) {
    document.getElementById(focused)?.focus({ preventScroll: true });
  }
  clockAhead = message.now - Date.now();
  countAges();
}

function countAges() {
  for (const time of document.querySelectorAll("time.age")) {
    time.dataset.clock ??= time.textContent;
    const seconds = Math.max(0, Math.round((Date.now() + clockAhead - Number(time.dataset.ms)) / 1000));
    if (seconds < 60) time.textContent = ages.format(-seconds, "second");
    else if (seconds < 3600) time.textContent = ages.format(-Math.floor(seconds / 60), "minute");
    else time.textContent = time.dataset.clock || ages.format(-Math.floor(seconds / 3600), "hour"); // the clock time says more
  }
}

function listen() {
  const stream = new EventSource(page.dataset.live);
  stream.onopen = () => {
    clearTimeout(worry);
    worry = 0;
    broken.hidden = true;
  };
  stream.onmessage = (event) => apply(JSON.parse(event.data));
  stream.addEventListener("signed-out", () => location.reload());
  stream.onerror = () => {
    worry ||= setTimeout(() => (broken.hidden = false), PATIENCE_MS);
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
  };
}

countAges();
setInterval(countAges, 1000);
listen();
