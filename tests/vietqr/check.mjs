// Reads a JSON list of payloads from standard input and prints what vietnam-qr-pay made of each; for each
// {bank, account, amount, purpose} under "make", the payload it would write itself.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const require = createRequire(pathToFileURL(process.argv[2] + '/'));
const { QRPay } = require('vietnam-qr-pay');
const { read, make } = JSON.parse(readFileSync(0, 'utf8'));

const told = (payload) => {
  const qr = new QRPay(payload);
  return {
    valid: qr.isValid,
    bank: qr.consumer.bankBin ?? '',
    account: qr.consumer.bankNumber ?? '',
    amount: qr.amount ?? '',
    purpose: qr.additionalData.purpose ?? '',
    init: qr.initMethod,
    currency: qr.currency,
    nation: qr.nation,
    service: qr.provider.service ?? '',
    crc: qr.crc,
  };
};
const written = ({ bank, account, amount, purpose }) =>
  QRPay.initVietQR({ bankBin: bank, bankNumber: account, amount, purpose }).build();

process.stdout.write(JSON.stringify({ read: read.map(told), made: make.map(written) }));
