// Keeps "just me / together" and the faces in step: two faces are company, "just me" is one face.

const solo = document.querySelector('input[name="company"][value="solo"]');
const group = document.querySelector('input[name="company"][value="group"]');
const faces = [...document.querySelectorAll('input[name="viewer"]')];

for (const face of faces) {
  face.addEventListener("change", () => {
    if (face.checked && solo.checked) {
      // Alone there is one: the face that was tapped last.
      for (const other of faces) other.checked = other === face;
    }
  });
}

solo?.addEventListener("change", () => {
  const present = faces.filter((face) => face.checked);
  for (const face of present.slice(1)) face.checked = false;
});

group?.addEventListener("change", () => {
  if (faces.length === 2) for (const face of faces) face.checked = true;
});
