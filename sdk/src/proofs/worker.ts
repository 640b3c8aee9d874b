import { fetchBytes, serve } from "./prover.ts";

addEventListener("message", ({ data }) => serve(data, fetchBytes, (message) => postMessage(message)), {
  once: true,
});
