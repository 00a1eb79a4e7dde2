/* The same as import-modules.js, and the library on top. */
require('./import-modules');
require('../../lib');
