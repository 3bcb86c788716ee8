// Two phones on a page of the builder, with the draft on them.

const place = document.getElementById('rehearsal')
if (place) {
  try {
    const [{ mountRehearsal }, answer] = await Promise.all([import('/app/studio.js'), fetch(place.dataset.draft)])
    place.replaceChildren()
    mountRehearsal(place, { type: await answer.json(), focus: place.dataset.field || undefined, lang: document.documentElement.lang })
  } catch {
    place.textContent = place.dataset.missing
  }
}
