// Package ui is what the admin pages share: who asks, the frame around a page, forms,
// mistakes shown beside what was typed, and times as people say them.
//
// # Its types
//
//   - [Kit]: what every page is made with. Read only, safe for concurrent use.
//   - [Visit]: a request of somebody who is known.
//
// # Laws
//
//  1. A route made by Get or Post knows who asks and in which language they read before
//     its handler runs.
//  2. What a redirect says was done is one of our own sentences, so that no link puts
//     words into our mouth.
package ui
