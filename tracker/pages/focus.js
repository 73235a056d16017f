// Puts the cursor into the first field of a form that has just been opened, so that a key opens it and typing fills it.

export default function ({ data }) {
  const fields = "[data-testid=stTextInput], [data-testid=stMultiSelect], [data-testid=stSelectbox]";
  const find = () => document.querySelector(`.st-key-${CSS.escape(data.within)} :is(${fields}) input`);
  if (globalThis.trackerFocused === data.turn) return;
  let tries = 20;
  const attempt = () => {
    const field = find();
    if (field) {
      globalThis.trackerFocused = data.turn;
      field.focus();
    } else if (tries-- > 0) requestAnimationFrame(attempt);
  };
  attempt();
}
