package storytest

import "testing"

// TestDangers makes sure that the test above would see what it looks for.
func TestDangers(t *testing.T) {
	const head = `<script src="/admin/static/admin.js" defer></script>`
	for _, page := range []string{
		`<script>1</script>`, head + `<script src="//evil.example/x.js"></script>`, `<p onclick="x">`, `<a href="javascript:x">`,
		`<a href=" javascript:x">`, "<a href=\"java\tscript:x\">", `<form action="data:text/html,x">`, `<p style="x">`, `<style></style>`,
		`<iframe></iframe>`, `<button formaction="javascript:x">`, `<img src=x>`, `<p x-foo="1">`,
	} {
		if len(Dangers(t, []byte(page))) == 0 {
			t.Errorf("%q passes", page)
		}
	}
	if found := Dangers(t, []byte(head)); found != nil {
		t.Errorf("our own script: %v", found)
	}
}
