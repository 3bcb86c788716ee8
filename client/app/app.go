// Package app is the field app, built: the pages and scripts under dist, embedded. It
// is made of src by build.mjs, which needs Node; Go alone serves what is committed.
//
// What dist holds:
//
//   - index.html: the page of every address in the app.
//   - assets/: scripts and styles. Their names change with what they hold.
//   - sw.js, the service worker, the manifest, icons.
//   - studio.js and studio.css: the parts of the app that stand on admin pages.
//   - fieldstack.js: the SDK as one module, for who imports it without a bundler.
package app

import (
	"embed"
	"io/fs"
)

//go:embed dist
var dist embed.FS

// Files is what dist holds. Nobody can change it.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic("app: dist is embedded by this name: " + err.Error())
	}
	return files
}
