// SPDX-License-Identifier: Apache-2.0
#include "broken_files.h"
#include "her2/slide/png_writer.h"
#include "make_files.h"

namespace her2::test {

std::vector<BrokenFile> sound_files() {
  const RgbImage image = picture(40, 24);
  std::vector<BrokenFile> out;
  const auto add = [&](const char* name, std::string bytes) { out.push_back({name, std::move(bytes), ""}); };
  add("slide_tiff/strips", make_tiff({{tiff_page(image, 0)}}));
  add("slide_tiff/tiles_big_endian", make_tiff({{tiff_page(image, 16)}, false, true, {}}));
  add("slide_tiff/big_tiff", make_tiff({{tiff_page(image, 16, Packing::jpeg_rgb)}, true, false, {}}));
  add("slide_tiff/jpeg_ycbcr", make_tiff({{tiff_page(image, 32, Packing::jpeg_ycbcr)}}));
  add("slide_tiff/jpeg2000_rgb", make_tiff({{tiff_page(image, 32, Packing::jpeg2000_rgb)}}));
  add("slide_tiff/jpeg2000_ycbcr", make_tiff({{tiff_page(image, 32, Packing::jpeg2000_ycbcr)}}));
  auto aperio = tiff_page(image, 16);
  aperio.fields[270] = text_field("Aperio Image Library v1\r\n40x24|AppMag = 20|MPP = 0.5");
  auto label = tiff_page(picture(16, 16), 0);
  label.fields[270] = text_field("Aperio Image Library v1\nlabel 16x16");
  add("slide_tiff/aperio", make_tiff({{aperio, tiff_page(picture(20, 12), 16), label}}));
  auto ome = tiff_page(image, 16);
  ome.fields[270] = text_field(
      "<OME xmlns=\"http://www.openmicroscopy.org/Schemas/OME/2016-06\"><Pixels PhysicalSizeX=\"0.25\"/></OME>");
  ome.below = {tiff_page(picture(20, 12), 16)};
  add("slide_tiff/ome", make_tiff({{ome}}));
  auto philips = tiff_page(image, 16);
  philips.fields[305] = text_field("Philips DP v1.0");
  philips.fields[270] = text_field(
      "<DataObject ObjectType=\"DPUfsImport\"><Attribute Name=\"DICOM_PIXEL_SPACING\">\"0.00025\" \"0.00025\""
      "</Attribute></DataObject>");
  add("slide_tiff/philips", make_tiff({{philips, tiff_page(picture(32, 16), 16)}}));

  add("slide_image/colour.jpg", make_jpeg(image, {.horizontal = 2, .vertical = 2}));
  add("slide_image/colour.png", encode_png(image).value_or(""));
  add("slide_image/rgb.jpg", make_jpeg(image, {.rgb = true}));

  DicomSpec dicom;
  dicom.width = image.width();
  dicom.height = image.height();
  dicom.tile = 16;
  for (const auto& frame : frames_of(image, dicom.tile)) {
    dicom.frames.push_back(make_jpeg(frame));
  }
  add("slide_dicom/full", make_dicom(dicom));
  dicom.organisation.clear();
  add("slide_dicom/unstated", make_dicom(dicom));
  dicom.organisation = "TILED_SPARSE";
  for (int i = 0; i < 6; ++i) {
    dicom.positions.emplace_back(i % 3 * 16 + 1, i / 3 * 16 + 1);
  }
  add("slide_dicom/sparse", make_dicom(dicom));
  dicom.organisation = "TILED_FULL";
  dicom.positions.clear();
  dicom.frames.clear();
  dicom.photometric = "RGB";
  dicom.transfer_syntax = "1.2.840.10008.1.2.1";
  for (const auto& frame : frames_of(image, dicom.tile)) {
    dicom.frames.push_back(raw(frame));
  }
  add("slide_dicom/raw", make_dicom(dicom));
  return out;
}

}  // namespace her2::test
