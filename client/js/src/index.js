// fieldstack in the browser: see README.md beside this folder for how it is used.

export {}
