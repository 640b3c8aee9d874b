import { main } from "./main.js";

const result = document.getElementById("result");
const query = new URLSearchParams(location.search);
main(query.get("grid"), query.get("worker") ?? undefined).then(
  (value) => {
    result.textContent = JSON.stringify(value);
  },
  (error) => {
    result.textContent = String(error.stack);
  },
);
