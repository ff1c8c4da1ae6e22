/** Where files of imports are on the server. */

export const UPLOADS = '/uploads/';
export const IMPORTS = '/imports/';

export const uploadPath = (id: string): string => `${UPLOADS}upl_${id}`;
export const reportPath = (id: string, file: string): string => `${IMPORTS}imp_${id}${file === '' ? '' : `/${file}`}`;
