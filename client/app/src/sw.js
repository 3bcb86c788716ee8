// The service worker (in the making).

export {}
