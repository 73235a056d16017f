// Remembers in this browser who is at the desk, so that it is asked once and not at every visit.

const KEY = "strike-tracker-analyst";

export default function ({ data, setStateValue }) {
  try {
    if (data.name) localStorage.setItem(KEY, data.name);
    else if (!data.asked) setStateValue("name", localStorage.getItem(KEY) ?? "");
  } catch {
    // A browser that keeps nothing asks again at the next visit.
  }
}
